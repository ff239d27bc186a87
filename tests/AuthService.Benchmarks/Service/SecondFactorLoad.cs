using System.Diagnostics;
using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Run;
using Npgsql;

namespace AuthService.Benchmarks.Service;

/// <summary>
/// A closed loop for each person: the password, then the code of their authenticator app. A code is accepted once, and the next one is valid only after half a
/// minute. So the load resets the last used code in the store before each sign-in.
/// </summary>
internal sealed class SecondFactorLoad(ServiceInstance service, string connectionString, IReadOnlyList<PersonWithApp> people) : ILoad
{
    private const string Forget = """
        UPDATE totp_factors SET last_step = 0 FROM principals WHERE principals.number = totp_factors.principal_number AND principals.id = $1
        """;

    private readonly ServiceClient _client = new(service);
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(connectionString);

    public LoadResult Run(TimeSpan interval, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var loops = Task.WhenAll(people.Select(person => Task.Run(() => LoopAsync(person, start, interval, cancellationToken), cancellationToken)));
        var results = loops.GetAwaiter().GetResult();
        var latencies = new LatencyHistogram();
        foreach (var result in results)
            latencies.Add(result.Latencies);
        var errors = results.Select(result => result.FirstError).OfType<string>().ToList();
        return new LoadResult(latencies.Count, results.Sum(result => result.RequestsPerSecond), latencies, errors.Count, errors.FirstOrDefault());
    }

    public void Dispose()
    {
        _client.Dispose();
        _database.Dispose();
    }

    private async Task<LoadResult> LoopAsync(PersonWithApp person, long start, TimeSpan interval, CancellationToken cancellationToken)
    {
        var latencies = new LatencyHistogram();
        string? error = null;
        try
        {
            while (Stopwatch.GetElapsedTime(start) < interval)
                latencies.Add(await SignInAsync(person, cancellationToken));
        }
        catch (Exception broken) when (broken is BenchmarkException or HttpRequestException)
        {
            error = broken.Message;
        }

        return new LoadResult(latencies.Count, latencies.Count / Stopwatch.GetElapsedTime(start).TotalSeconds, latencies, error is null ? 0 : 1, error);
    }

    private async Task<long> SignInAsync(PersonWithApp person, CancellationToken cancellationToken)
    {
        await using var forget = _database.CreateCommand(Forget);
        forget.Parameters.Add(new NpgsqlParameter<string> { TypedValue = person.Id });
        await forget.ExecuteNonQueryAsync(cancellationToken);
        var begun = Stopwatch.GetTimestamp();
        var challenge = await _client.BeginLoginAsync(person.Id, person.Password, ServiceInstance.AppLoginService, cancellationToken);
        await _client.AnswerAsync(challenge, person.Code, cancellationToken);
        return Stopwatch.GetTimestamp() - begun;
    }
}
