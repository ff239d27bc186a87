using System.Reflection;
using AuthService.Api.Http;
using AuthService.Applications;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.AppTokens;

/// <summary>What was read from a body. The text of it tells a repeated call from another one.</summary>
internal abstract class BodyInput(BodyReader body) : IBoundInput
{
    public ApiError? Fault => body.Fault;

    public string RawText => body.RawText;

    /// <summary>Only when there is no fault.</summary>
    protected static ApplicationDetails ReadApplication(BodyReader body) => new(body.RequiredText("name") ?? "")
    {
        Uid = body.Uid("uid"),
        Metadata = body.Texts("metadata") ?? [],
        RateLimit = body.WholeNumber("rateLimit", 0, ushort.MaxValue),
    };
}

/// <summary>What an app token is to be good for.</summary>
internal sealed class PortalAccessInput : BodyInput, IBindableFromHttpContext<PortalAccessInput>, IEndpointParameterMetadataProvider
{
    private const int ShortestExpiry = 3_600;

    private PortalAccessInput(BodyReader body, string? path)
        : base(body)
    {
        Lifetime = body.WholeNumber("expiry", ShortestExpiry, ExpireAllInput.LongestExpiry) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        FeatureFlags = body.Identifiers("featureFlags");
        if (body.Member("application") is not { } application)
            return;
        Application = ReadApplication(application);
        // Whether the uid agrees with the path matters only when there is no such application yet; if there are faults anyway, it is named with them.
        if (body.Fault is not null && path is not null)
            application.RequireText("uid", path);
    }

    public TimeSpan? Lifetime { get; }

    public string[]? FeatureFlags { get; }

    public ApplicationDetails? Application { get; }

    public static async ValueTask<PortalAccessInput?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(await BodyReader.ReadOptionalAsync(context), context.GetRouteValue("app_id") as string);

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new MayReadBody(typeof(PortalAccessRequest)));
}

/// <summary>How soon the tokens of an application are to end.</summary>
internal sealed class ExpireAllInput(BodyReader body) : BodyInput(body), IBindableFromHttpContext<ExpireAllInput>, IEndpointParameterMetadataProvider
{
    /// <summary>Seven days, in seconds.</summary>
    public const int LongestExpiry = 604_800;

    public TimeSpan Grace { get; } = TimeSpan.FromSeconds(body.WholeNumber("expiry", 0, LongestExpiry) ?? 0);

    public static async ValueTask<ExpireAllInput?> BindAsync(HttpContext context, ParameterInfo parameter) => new(await BodyReader.ReadOptionalAsync(context));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new MayReadBody(typeof(ExpireAllRequest)));
}
