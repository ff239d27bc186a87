using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Refusals;
using AuthService.Tokens;

namespace AuthService.Api.Http.Callers;

internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <returns>Null when there is no such credential, or more than one.</returns>
    public static string? Find(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? value[Scheme.Length..].Trim()
            : null;
}

/// <summary>Reads a refresh token that was sent as bearer. A missing or malformed one is refused without a query.</summary>
internal sealed class BearerRefreshTokenReader : IInputReader<RefreshToken>
{
    public static ValueTask<ReadResult<RefreshToken>> ReadAsync(HttpContext context) => ValueTask.FromResult(Read(context.Request));

    private static ReadResult<RefreshToken> Read(HttpRequest request) =>
        BearerToken.Find(request) is not { } text ? Refuse(RefusalReason.NoCredential)
        : RefreshToken.TryParse(text) is { } token ? token
        : Refuse(RefusalReason.UnknownToken);

    private static ApiError Refuse(RefusalReason reason) => ApiError.FromStatus(StatusCodes.Status401Unauthorized) with { Note = new RefusalNote(reason) };
}
