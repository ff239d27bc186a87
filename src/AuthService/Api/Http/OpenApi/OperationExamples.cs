using AuthService.Api.Http.Errors;

namespace AuthService.Api.Http.OpenApi;

/// <summary>
/// The examples of an operation in the OpenAPI documents. The bodies are records of the contract and are serialized like real ones, so that an example always
/// agrees with the contract.
/// </summary>
internal sealed class OperationExamples
{
    /// <summary>No examples, for an operation without bodies and refusals of its own.</summary>
    public static readonly OperationExamples None = new();

    /// <summary>The bodies of requests, by a title that says their purpose.</summary>
    public IDictionary<string, object> Requests { get; } = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>The bodies of successful responses, by a title that says when they occur.</summary>
    public IDictionary<string, object> Answers { get; } = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>The operation's own refusals. <see cref="Surface"/> adds those that every operation of its kind has.</summary>
    public IReadOnlyList<ApiError> Refusals { get; init; } = [];

    /// <summary>Returns the title of a refusal in the documents, which is its message.</summary>
    public static string NameOf(ApiError refusal) =>
        refusal.Faults.Count == 0 ? refusal.Message : string.Join("; ", refusal.Faults.Select(fault => fault.Message));
}

internal static class RouteExamples
{
    /// <summary>Shows the examples in the OpenAPI document of the route.</summary>
    public static TBuilder WithExamples<TBuilder>(this TBuilder route, OperationExamples examples)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(examples);
}

/// <summary>The values that examples of several APIs share. Secrets are shortened, so none of them is valid.</summary>
internal static class ExampleValues
{
    public const string AccessToken = "eyJhbGciOi…";
    public const string RefreshToken = "rt_q0vT3…";
    public const string CsrfToken = "kW8xN…";
    public const string Password = "plum kettle orbit 93";
    public static readonly string ResetToken = Tokens.PasswordResetToken.Example.Reveal();
    public const string NewPassword = "violet anchor biscuit 41";
    public const string PersonId = "ada";
    public const string ServiceId = "_files";
    public const string Email = "ada@example.com";
    public const string IpAddress = "203.0.113.7";
    public const string UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    public static readonly Guid SessionId = new("0199b2e4-7c31-7d5a-9f0e-3b6a51c8d204");
    public static readonly Guid PersonUuid = new("0198f0a1-52bb-7c44-8a39-d1e07f6b2c95");
    public static readonly Guid OtherUuid = new("0198f0a3-90fe-7b02-b8d4-64c2a7159e30");
    public static readonly DateTimeOffset Moment = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);
}
