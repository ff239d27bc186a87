using System.Reflection;
using AuthService.Tokens;

namespace AuthService.Api.Http;

internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <returns>Null when there is no such credential, or more than one.</returns>
    public static string? Find(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? value[Scheme.Length..].Trim()
            : null;
}

/// <summary>A refresh token sent as bearer; a missing or malformed one is refused before the store is asked.</summary>
internal sealed class BearerRefreshToken : IBoundInput, IBindableFromHttpContext<BearerRefreshToken>
{
    private readonly RefreshToken? _token;

    private BearerRefreshToken(RefreshToken? token) => _token = token;

    public RefreshToken Token => _token ?? throw new InvalidOperationException("There is no refresh token");

    public ApiError? Fault => _token is null ? ApiError.FromStatus(StatusCodes.Status401Unauthorized) : null;

    public static ValueTask<BearerRefreshToken?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<BearerRefreshToken?>(new BearerRefreshToken(RefreshToken.TryParse(BearerToken.Find(context.Request))));
}
