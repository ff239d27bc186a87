using System.CommandLine;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions.Revoking;
using AuthService.SignIn.Recovery;

namespace AuthService.Hosting.CommandLine;

/// <summary>The commands for sessions.</summary>
internal static class SessionCommands
{
    public static Command Create(CommandStore store) => new("session", "Sessions: revoke, purge.") { Revoke(store), Purge(store) };

    private static Command Revoke(CommandStore store)
    {
        var user = new Option<string?>("--user") { Description = "Every session of this principal, delegated ones included." };
        var session = new Option<Guid?>("--session") { Description = "The one of this id." };
        var all = new Option<bool>("--all") { Description = "Every session of everybody." };
        var restored = new Option<DateTimeOffset?>("--restored-at")
        {
            Description = "What a backup of that moment has brought back (ISO 8601, UTC by default): sessions begun until then, links, mails, recovery codes, "
                + "known browsers.",
            CustomParser = PastMoment.Read,
        };
        Option[] one = [user, session, all, restored];
        var revoke = new Command("revoke", "Revokes sessions at once. Name exactly one of the options.") { user, session, all, restored };
        revoke.Validators.Add(arguments =>
        {
            if (one.Count(option => arguments.GetResult(option) is { Implicit: false }) != 1)
                arguments.AddError("Exactly one of --user, --session, --all and --restored-at is needed.");
        });
        revoke.SetAction((arguments, cancellation) => (arguments.GetValue(user), arguments.GetValue(restored)) switch
        {
            ({ } id, _) => store.UseOnAsync(id, RevokeAllAsync, cancellation),
            (_, { } moment) => store.UseAsync(services => RestoredStore.RevokeAsync(services, moment), cancellation),
            _ => store.UseAsync(services => RevokeAsync(services, arguments.GetValue(session)), cancellation),
        });
        return revoke;
    }

    private static async Task<int> RevokeAllAsync(IServiceProvider services, Principal principal)
    {
        var revocation = services.GetRequiredService<AccountRevocation>();
        return Terminal.Done($"{await revocation.RevokeAllAsync(principal, EndReason.RevokedByAdministrator, AuditActor.CommandLine)} sessions have ended.");
    }

    private static async Task<int> RevokeAsync(IServiceProvider services, Guid? session)
    {
        if (session is not { } id)
        {
            var everyones = services.GetRequiredService<AccountRevocation>();
            return Terminal.Done($"{await everyones.RevokeEveryonesAsync(AuditActor.CommandLine)} sessions have ended.");
        }

        return await services.GetRequiredService<SessionRevocation>().TryRevokeAsync(id, EndReason.RevokedByAdministrator, AuditActor.CommandLine)
            ? Terminal.Done("The session has ended.")
            : Terminal.Fail("There is no such session.");
    }

    private static Command Purge(CommandStore store)
    {
        var purge = new Command("purge", "Deletes expired sessions now, as the service does by itself each minute.");
        purge.SetAction((_, cancellation) => store.UseAsync(services => PurgeAsync(services, cancellation), cancellation));
        return purge;
    }

    private static async Task<int> PurgeAsync(IServiceProvider services, CancellationToken cancellation) => Terminal.Done(
        $"{await Purges.RunAsync(services, services.GetRequiredService<ExpiredSessions>().DeleteAsync, cancellation)} expired sessions were deleted.");
}
