using System.Text;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace AuthService.Benchmarks.Limits;

/// <summary>The look-up of a refresh, batched: finds sessions with their principals by the hashes of the refresh tokens.</summary>
internal sealed class BatchedSessionLookUp(NpgsqlDataSource database)
{
    private const string Statement = $"""
        SELECT {SessionLookUp.Columns}, w.n
        FROM unnest($1) WITH ORDINALITY AS w (hash, n)
        JOIN sessions AS s ON s.refresh_token_hash = w.hash JOIN principals AS p ON p.number = s.principal_number
        """;

    private readonly LimitBatcher<byte[], FoundSession?> _batcher = new(
        database, new(Statement, hashes => [new NpgsqlParameter<byte[][]> { TypedValue = hashes }], (_, row) => SessionLookUp.Read(row), None: null));

    /// <summary>Finds the session of the request's bearer token; null when it has none that is usable.</summary>
    public async Task<FoundSession?> FindAsync(HttpRequest request, DateTimeOffset now) =>
        await _batcher.ExecuteAsync(SessionLookUp.TokenHashOf(request)) is { } session && session.IsUsable(now) ? session : null;
}

/// <summary>The limit of a refresh: the batched look-up and one signature.</summary>
internal sealed class BatchedLookUpAndSignLimit(BatchedSessionLookUp sessions, string signingKeyPem, string issuer)
{
    private readonly TokenSigner _signer = new(signingKeyPem, issuer);

    public async Task HandleAsync(HttpContext context)
    {
        var now = DateTimeOffset.UtcNow;
        if (await sessions.FindAsync(context.Request, now) is not { } session)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var answer = $$"""{"accessToken":"{{_signer.Sign(session, now)}}"}""";
        await LimitAnswer.WriteAsync(context.Response, Encoding.ASCII.GetBytes(answer));
    }
}
