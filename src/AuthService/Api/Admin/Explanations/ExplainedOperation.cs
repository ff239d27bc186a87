using AuthService.Api.Http;
using AuthService.Sessions;
using Microsoft.AspNetCore.Authorization;

namespace AuthService.Api.Admin.Explanations;

/// <summary>An operation, by the kind of credential that it takes.</summary>
internal abstract record ExplainedOperation
{
    private static readonly Dictionary<string, ExplainedOperation> Named = new(StringComparer.Ordinal)
    {
        ["refresh"] = new Refresh(SessionMode.Application),
        ["webRefresh"] = new Refresh(SessionMode.Web),
        ["getToken"] = new Refresh(SessionMode.Application) { TakesClients = true },
        ["logout"] = new SignOut(),
        ["passwordLogin"] = new SignIn(WithPassword: true),
        ["passkeyLogin"] = new SignIn(WithPassword: false),
    };

    private ExplainedOperation()
    {
    }

    /// <summary>An operation that takes an access token or an API key.</summary>
    internal sealed record Call(EndpointMetadataCollection Metadata) : ExplainedOperation
    {
        public IEnumerable<string> Policies => Metadata.GetOrderedMetadata<IAuthorizeData>().Select(asked => asked.Policy).OfType<string>();
    }

    /// <summary>An operation that takes a refresh token.</summary>
    internal sealed record Refresh(SessionMode Mode) : ExplainedOperation
    {
        /// <summary>Whether the operation also takes the API key of a service.</summary>
        public bool TakesClients { get; init; }
    }

    /// <summary>An operation that takes the refresh token of a session in any state.</summary>
    internal sealed record SignOut : ExplainedOperation;

    /// <summary>An operation that takes a name and a password, or a passkey.</summary>
    internal sealed record SignIn(bool WithPassword) : ExplainedOperation;

    /// <summary>An operation that asks for no credential. No rule applies until the contents of the call are known.</summary>
    internal sealed record Open : ExplainedOperation;

    /// <returns>Null when there is no operation with this name.</returns>
    public static ExplainedOperation? Find(EndpointDataSource endpoints, string name)
    {
        var metadata = endpoints.Endpoints.Select(endpoint => endpoint.Metadata)
            .FirstOrDefault(metadata => metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == name && metadata.GetMetadata<Surface>() is not null);
        if (metadata is null)
            return null;
        if (Named.TryGetValue(name, out var known))
            return known;
        return metadata.GetMetadata<IAuthorizeData>() is null ? new Open() : new Call(metadata);
    }
}
