using System.CommandLine;
using System.Globalization;
using AuthService.Audit;
using AuthService.Refusals;
using AuthService.Sessions.Rules;

namespace AuthService.Hosting.CommandLine;

/// <summary>Explains an error that a caller got: it names the rule that refused the call.</summary>
internal static class ExplainCommand
{
    public static Command Create(CommandStore store)
    {
        var traceId = new Argument<string>("trace-id") { Description = "As it stands in the error, 32 hexadecimal digits." };
        var explain = new Command("explain", "Says why a call was refused within the last day: the rule, about whom, and what decided it.") { traceId };
        explain.SetAction((arguments, cancellation) =>
            store.UseAsync(services => ExplainAsync(services, arguments.GetRequiredValue(traceId)), cancellation));
        return explain;
    }

    private static async Task<int> ExplainAsync(IServiceProvider services, string text)
    {
        if (TraceIds.Find(text) is not { } traceId)
            return Terminal.Fail($"{TraceIds.Form}.");
        var found = await services.GetRequiredService<RefusalHistory>().FindAsync(traceId);
        if (found.Count == 0)
            return Terminal.Fail($"{TraceIds.Unknown}.");
        foreach (var refused in found)
            Print(refused);
        return 0;
    }

    private static void Print(RefusedCall refused)
    {
        Terminal.Done(string.Create(
            CultureInfo.InvariantCulture,
            $"{refused.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC  {refused.Operation ?? "no operation"} was answered {refused.Status} {refused.Code}"));
        PrintRow(refused.Reason, refused.Rule);
        PrintRow("about", refused.Principal);
        PrintRow("session", refused.SessionId?.ToString());
        PrintRow("caller", refused.Caller);
        PrintRow("from", refused.IpAddress);
        foreach (var (name, value) in refused.Facts)
            PrintRow(name, value);
    }

    private static void PrintRow(string name, string? value)
    {
        if (value is not null)
            Terminal.Done($"  {name}: {AuditText.Printable(value)}");
    }
}
