using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace AuthService.Benchmarks.Limits;

/// <summary>The limit of the start of a ceremony: the challenges of one moment in one statement and commit, and a response of the same size.</summary>
internal sealed class BatchedChallengeLimit(NpgsqlDataSource database, int bytes)
{
    private const string Statement = """
        INSERT INTO sign_in_challenges (id_hash, kind, security_stamp, service, public_computer, attempts, state, expire_at)
        SELECT id_hash, 2, 0, 'app', false, 0, state, $3 FROM unnest($1, $2) AS w (id_hash, state)
        """;

    private const int StateLength = 300;
    private const long TenMinutes = 10L * 60 * 1_000_000;

    private readonly LimitBatcher<byte[], bool> _batcher = new(database, new(Statement, Parameters, (_, _) => true, None: true));
    private readonly byte[] _answer = LimitAnswer.OfSize(bytes);

    public async Task HandleAsync(HttpContext context)
    {
        await _batcher.ExecuteAsync(SHA256.HashData(RandomNumberGenerator.GetBytes(32)));
        await LimitAnswer.WriteAsync(context.Response, _answer);
    }

    private static NpgsqlParameter[] Parameters(byte[][] hashes) =>
    [
        new NpgsqlParameter<byte[][]> { TypedValue = hashes },
        new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(hashes, _ => new string('x', StateLength)) },
        new NpgsqlParameter<long> { TypedValue = Moment.Of(DateTimeOffset.UtcNow) + TenMinutes },
    ];
}
