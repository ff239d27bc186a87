using System.CommandLine;
using AuthService.Audit;

namespace AuthService.Hosting.CommandLine;

/// <summary>The commands for audit entries.</summary>
internal static class AuditCommands
{
    public static Command Create(CommandStore store)
    {
        var purge = new Command("purge", "Deletes entries older than Audit:Retention, where the role of the service may not.");
        purge.SetAction((_, cancellation) => store.UseAsync(services => PurgeAsync(services, cancellation), cancellation));
        return new Command("audit", "Audit entries: purge.") { purge };
    }

    private static async Task<int> PurgeAsync(IServiceProvider services, CancellationToken cancellation) => Terminal.Done(
        $"{await Purges.RunAsync(services, services.GetRequiredService<AuditStore>().DeleteForgottenAsync, cancellation)} audit entries were deleted.");
}
