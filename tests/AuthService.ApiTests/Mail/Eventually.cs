using System.Diagnostics;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Mail;

/// <summary>Waits for an effect of background work, and fails if it does not happen.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string>? account = null)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, $"not so after {waited.Elapsed}: {account?.Invoke()}");
            await Task.Delay(50);
        }
    }

    public static Task TrueAsync(Func<bool> condition, Func<string>? account = null) => TrueAsync(() => Task.FromResult(condition()), account);

    public static Task LoggedAsync(AuthHost host, string words) =>
        TrueAsync(() => host.Log.Lines.Any(line => line.Contains(words, StringComparison.Ordinal)), () => LastLinesOf(host));

    /// <param name="host">The host of the database.</param>
    /// <param name="rows">A table name, optionally with a WHERE clause.</param>
    /// <param name="count">The number of rows to wait for.</param>
    public static Task CountsAsync(AuthHost host, string rows, int count) => TrueAsync(
        async () => await host.Database.CountAsync(rows) == count, () => $"{rows} is not {count}\n{LastLinesOf(host)}");

    private static string LastLinesOf(AuthHost host) => string.Join('\n', host.Log.Lines.TakeLast(20));
}
