using System.CommandLine;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions;

namespace AuthService.Hosting.CommandLine;

/// <summary>Sessions.</summary>
internal static class SessionCommands
{
    private const int DeletedAtOnce = 1_000;

    public static Command Create(CommandStore store) => new("session", "Sessions: revoke, purge.") { Revoke(store), Purge(store) };

    private static Command Revoke(CommandStore store)
    {
        var user = new Option<string?>("--user") { Description = "Every session of this principal, delegated ones included." };
        var session = new Option<Guid?>("--session") { Description = "The one of this id." };
        var all = new Option<bool>("--all") { Description = "Every session of everybody." };
        var revoke = new Command("revoke", "Ends sessions at once. Name exactly one of the options.") { user, session, all };
        revoke.Validators.Add(arguments =>
        {
            if (new Option[] { user, session, all }.Count(option => arguments.GetResult(option) is { Implicit: false }) != 1)
                arguments.AddError("Exactly one of --user, --session and --all is needed.");
        });
        revoke.SetAction((arguments, cancellation) => arguments.GetValue(user) is { } id
            ? store.UseOnAsync(id, EndAllAsync, cancellation)
            : store.UseAsync(services => EndAsync(services, arguments.GetValue(session)), cancellation));
        return revoke;
    }

    private static async Task<int> EndAllAsync(IServiceProvider services, Principal principal) =>
        Terminal.Done($"{await services.GetRequiredService<SessionEndings>().EndAllAsync(principal, Deed.OfTheCommandLine)} sessions have ended.");

    private static async Task<int> EndAsync(IServiceProvider services, Guid? session)
    {
        var endings = services.GetRequiredService<SessionEndings>();
        if (session is not { } id)
            return Terminal.Done($"{await endings.EndEveryoneAsync(Deed.OfTheCommandLine)} sessions have ended.");
        return await endings.TryEndAsync(id, Deed.OfTheCommandLine) ? Terminal.Done("The session has ended.") : Terminal.Fail("There is no such session.");
    }

    private static Command Purge(CommandStore store)
    {
        var purge = new Command("purge", "Deletes expired sessions now, as the service does by itself each minute.");
        purge.SetAction((_, cancellation) => store.UseAsync(services => PurgeAsync(services, cancellation), cancellation));
        return purge;
    }

    private static async Task<int> PurgeAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var endings = services.GetRequiredService<SessionEndings>();
        var clock = services.GetRequiredService<TimeProvider>();
        var total = 0;
        int deleted;
        do
        {
            deleted = await endings.DeleteExpiredAsync(clock.GetUtcNow(), DeletedAtOnce, cancellation);
            total += deleted;
        }
        while (deleted == DeletedAtOnce);

        return Terminal.Done($"{total} expired sessions were deleted.");
    }
}
