using System.Text.Json;
using AuthService.Benchmarks.Limits;
using AuthService.Benchmarks.Load;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthService.Benchmarks.Run;

/// <summary>Checks that the limit signs the same token as the service for the same session. A limit is only valid while it does the same work.</summary>
internal static class SameToken
{
    private static readonly string[] Moments = [JwtRegisteredClaimNames.Iat, JwtRegisteredClaimNames.Exp];

    /// <exception cref="BenchmarkException">The claims of the two tokens differ.</exception>
    public static void Check(Workbench bench)
    {
        var expected = Claims(SingleCall.Body(bench.Service.Address, bench.Requests.Refresh()[0]));
        var found = Claims(SingleCall.Body(bench.Limits.Address, bench.Requests.Refresh(LimitServer.BatchedLookUpAndSign)[0]));
        if (!expected.SequenceEqual(found, StringComparer.Ordinal))
        {
            throw new BenchmarkException(
                $"The limit '{LimitServer.BatchedLookUpAndSign}' no longer signs what the service signs. "
                + $"Service: {string.Join(", ", expected)}. Limit: {string.Join(", ", found)}.");
        }
    }

    private static string[] Claims(byte[] answer)
    {
        using var body = JsonDocument.Parse(answer);
        var token = new JsonWebToken(body.RootElement.GetProperty("accessToken").GetString());
        using var payload = JsonDocument.Parse(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(token.EncodedPayload));
        return
        [
            $"typ={token.Typ}", $"alg={token.Alg}",
            .. payload.RootElement.EnumerateObject()
                .Select(Describe).Order(StringComparer.Ordinal),
        ];
    }

    private static string Describe(JsonProperty claim) =>
        Moments.Contains(claim.Name, StringComparer.Ordinal) ? claim.Name : $"{claim.Name}={claim.Value.GetRawText()}";
}
