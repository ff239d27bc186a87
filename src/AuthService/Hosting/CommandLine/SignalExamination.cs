using AuthService.Principals;
using AuthService.Signals;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Hosting.CommandLine;

/// <summary>Examines which streams of shared signals deliver nothing, whether SETs can be signed, and whether audit entries become SETs.</summary>
internal static class SignalExamination
{
    private const string Signals = "shared signals";

    /// <param name="services">The services of a store with the current schema.</param>
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(IServiceProvider services)
    {
        var streams = await services.GetRequiredService<Store>().ReadAsync(db => db.Set<SignalStream>().AsNoTracking()
            .Join(db.Set<Principal>().Where(p => p.State == PrincipalState.Enabled), stream => stream.PrincipalNumber, p => p.Number,
                (stream, p) => new OwnedStream(stream, p.Id))
            .ToListAsync());
        if (streams.Count == 0)
            return [];
        if (!services.GetRequiredService<SecurityEventTokenWriter>().CanWrite)
            return [Finding.Wrong(Signals, "no published signing key is active, and receivers could check nothing that is signed with HS512 alone")];
        Finding?[] findings =
            [.. streams.OrderBy(owned => owned.Stream.Id).Select(Examine), await ReaderExamination.ExamineAsync(services, Signals, SignalDispatcher.Name)];
        return findings.OfType<Finding>().ToArray() is { Length: > 0 } found
            ? found
            : [Finding.Fine(Signals, streams.Count is 1 ? "1 stream" : $"{streams.Count} streams")];
    }

    private static Finding? Examine(OwnedStream owned) => owned.Stream switch
    {
        { Status: StreamStatus.Paused } stream => Finding.Doubtful(Signals, $"stream {stream.Id} of {owned.Audience} is paused"),
        { Status: StreamStatus.Enabled, IsPushed: true, FailingSince: { } since } stream =>
            Finding.Doubtful(Signals, $"stream {stream.Id} of {owned.Audience} has handed nothing over since {since:u}: the log says why"),
        _ => null,
    };
}
