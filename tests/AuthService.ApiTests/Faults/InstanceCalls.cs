using System.Diagnostics;
using AuthService.ApiTests.Hosting;
using static AuthService.ApiTests.Auth.AuthCalls;

namespace AuthService.ApiTests.Faults;

/// <summary>Calls the instances in turn, so that two calls at the same time go to different ones.</summary>
/// <param name="recorder">Records each call.</param>
/// <param name="instances">The addresses of the instances. Null while an instance must not be called.</param>
internal sealed class InstanceCalls(Recorder recorder, IReadOnlyList<Func<Uri?>> instances)
{
    /// <summary>The path that every access token may read.</summary>
    public const string Use = "/auth/sessions";

    /// <summary>The time after which a caller gives up. It is longer than any fault lasts.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan PauseBeforeRepeat = TimeSpan.FromMilliseconds(200);

    private int _turn;

    /// <summary>Makes the call twice at the same time.</summary>
    public static Task<Call[]> TwiceAsync(Func<Task<Call>> call) => Task.WhenAll(UntilAnsweredAsync(call), UntilAnsweredAsync(call));

    public static async Task<Call> UntilAnsweredAsync(Func<Task<Call>> call)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var made = await call();
            if (made.Outcome is not Outcome.Unknown || waited.Elapsed > Patience)
                return made;
            await Task.Delay(PauseBeforeRepeat);
        }
    }

    public Task<Call> PostAsync(CallKind kind, string subject, string path, string? bearer, object? json = null) =>
        SendAsync(kind, subject, HttpMethod.Post, path, bearer, json);

    public async Task<Call> SendAsync(
        CallKind kind, string subject, HttpMethod method, string path, string? bearer, object? json = null, string? key = null)
    {
        (string, string)[] headers = key is null ? [AcceptJson] : [AcceptJson, ("Idempotency-Key", key)];
        var request = Requests.Create(method, new Uri(await InstanceAsync(), path).AbsoluteUri, bearer, json, headers);
        return await recorder.SendAsync(kind, subject, request);
    }

    private async Task<Uri> InstanceAsync()
    {
        while (true)
        {
            if (instances[(int)((uint)Interlocked.Increment(ref _turn) % instances.Count)]() is { } address)
                return address;
            await Task.Delay(10);
        }
    }
}
