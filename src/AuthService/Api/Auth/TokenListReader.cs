using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Tokens;

namespace AuthService.Api.Auth;

/// <summary>Reads the refresh tokens of the sessions to revoke. A text that is not a refresh token is ignored.</summary>
internal sealed class TokenListReader : IJsonReader<TokenListReader, BulkInvalidateRequest, RefreshToken[]>
{
    private const int MostTokens = 10_000;

    public static ApiError NoList => ApiError.BadRequest($"tokens must be a list of at most {MostTokens} refresh tokens");

    public static ReadResult<RefreshToken[]> Read(BulkInvalidateRequest body) => body.Tokens is { Length: <= MostTokens } texts
        ? texts.Select(RefreshToken.TryParse).OfType<RefreshToken>().ToArray()
        : NoList;
}
