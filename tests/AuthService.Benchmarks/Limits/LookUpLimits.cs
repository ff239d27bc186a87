using System.Text;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace AuthService.Benchmarks.Limits;

/// <summary>The limit of whatever reads: one prepared look-up, and an answer of the operation's size.</summary>
internal sealed class LookUpLimit(NpgsqlDataSource database, int bytes)
{
    private readonly SessionLookUp _sessions = new(database);
    private readonly byte[] _answer = LimitAnswer.OfSize(bytes);

    public async Task HandleAsync(HttpContext context)
    {
        if (await _sessions.FindAsync(context.Request) is { } session && session.IsUsable(DateTimeOffset.UtcNow))
            await LimitAnswer.WriteAsync(context.Response, _answer);
        else
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
    }
}

/// <summary>The limit of a refresh: one prepared look-up and one signature.</summary>
internal sealed class LookUpAndSignLimit(NpgsqlDataSource database, string signingKeyPem, string issuer)
{
    private readonly SessionLookUp _sessions = new(database);
    private readonly TokenSigner _signer = new(signingKeyPem, issuer);

    public async Task HandleAsync(HttpContext context)
    {
        var now = DateTimeOffset.UtcNow;
        if (await _sessions.FindAsync(context.Request) is not { } session || !session.IsUsable(now))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var answer = $$"""{"accessToken":"{{_signer.Sign(session, now)}}"}""";
        await LimitAnswer.WriteAsync(context.Response, Encoding.ASCII.GetBytes(answer));
    }
}
