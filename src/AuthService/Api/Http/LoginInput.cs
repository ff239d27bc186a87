using System.Reflection;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.SignIn;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http;

/// <summary>A sign-in as a form or as JSON, from a page of ours or from no page at all.</summary>
internal sealed class LoginInput : IBoundInput, IBindableFromHttpContext<LoginInput>, IEndpointParameterMetadataProvider
{
    private readonly SignInAttempt? _attempt;

    private LoginInput(SignInAttempt? attempt, bool wantsPage, ApiError? fault) => (_attempt, WantsPage, Fault) = (attempt, wantsPage, fault);

    public ApiError? Fault { get; }

    public SignInAttempt Attempt => _attempt ?? throw new InvalidOperationException("The sign-in could not be read");

    /// <summary>True for a plain HTML form, whose browser is sent on by a page; false for a program that reads JSON.</summary>
    public bool WantsPage { get; }

    public static async ValueTask<LoginInput?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var acceptsJson = context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase);
        return await ReadAsync(context, wantsPage: !acceptsJson);
    }

    public static async Task<LoginInput> ReadAsync(HttpContext context, bool wantsPage)
    {
        if (FindOriginFault(context) is { } untrusted)
            return new LoginInput(null, wantsPage, untrusted);
        var (body, fault) = await ReadBodyAsync(context);
        if (body is null)
            return new LoginInput(null, wantsPage, fault);
        var services = context.RequestServices.GetRequiredService<IOptionsMonitor<LoginServiceOptions>>().CurrentValue;
        return Check(body, services, wantsPage, ClientInfo.From(context));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(
        new AcceptsMetadata(["application/x-www-form-urlencoded", "multipart/form-data", "application/json"], typeof(LoginRequest)));

    public static ApiError UnknownService => ApiError.BadRequest("service is not known");

    public static ApiError Missing(string field) => ApiError.BadRequest($"{field} is missing");

    /// <summary>Keeps another site from signing its visitor in as somebody else (login CSRF). Programs send no origin at all.</summary>
    private static ApiError? FindOriginFault(HttpContext context)
    {
        var verdict = context.RequestServices.GetRequiredService<TrustedOrigins>().Judge(context.Request);
        var refused = verdict is OriginVerdict.Untrusted or OriginVerdict.Malformed
            || (verdict is OriginVerdict.Missing && TrustedOrigins.IsCrossSite(context.Request));
        return refused ? WebCredentials.UntrustedOrigin : null;
    }

    private static Task<(LoginRequest? Body, ApiError? Fault)> ReadBodyAsync(HttpContext context) =>
        context.Request.HasFormContentType ? ReadFormAsync(context) : JsonBody.ReadAsync<LoginRequest>(context);

    private static async Task<(LoginRequest? Body, ApiError? Fault)> ReadFormAsync(HttpContext context)
    {
        var (form, fault) = await FormBody.ReadAsync(context);
        if (form is null)
            return (null, fault);
        var publicComputer = form["publicComputer"].ToString() is "true" or "on" or "1";
        return (new LoginRequest(form["username"], form["password"], form["service"], publicComputer), null);
    }

    private static LoginInput Check(LoginRequest body, LoginServiceOptions services, bool wantsPage, ClientInfo client)
    {
        string? missing = string.IsNullOrEmpty(body.Username) ? "username" : string.IsNullOrEmpty(body.Password) ? "password"
            : string.IsNullOrEmpty(body.Service) ? "service" : null;
        if (missing is not null)
            return new LoginInput(null, wantsPage, Missing(missing));
        if (!PrincipalName.TryParse(body.Username, out var name))
            return Refuse($"username must have at most {PrincipalName.MaximumLength} characters, all of them Unicode and none a control character");
        if (!Password.TryParse(body.Password, out var password))
            return Refuse($"password must have at most {Password.MaximumLength} characters, all of them Unicode");
        if (!services.TryGetValue(body.Service!, out var service))
            return new LoginInput(null, wantsPage, UnknownService);
        if (wantsPage && service.Mode is not SessionMode.Web)
            return Refuse("This service needs Accept: application/json");
        var attempt = new SignInAttempt(name, password, service)
        {
            PublicComputer = body.PublicComputer ?? false,
            IpAddress = client.IpAddress,
            UserAgent = client.UserAgent,
            Location = client.Location,
        };
        return new LoginInput(attempt, wantsPage, fault: null);

        LoginInput Refuse(string why) => new(null, wantsPage, ApiError.BadRequest(why));
    }
}
