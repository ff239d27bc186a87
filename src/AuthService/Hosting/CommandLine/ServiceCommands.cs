using System.CommandLine;
using AuthService.Audit;
using AuthService.People;
using AuthService.Principals;
using AuthService.Principals.Passwords;

namespace AuthService.Hosting.CommandLine;

/// <summary>
/// The commands for services. A service refresh token is the only output on standard output, so that it can be piped into a secret store.
/// </summary>
internal static class ServiceCommands
{
    public static Command Create(CommandStore store) => new("service", "Services: add, renew.")
    {
        Add(store),
        store.CommandOn("renew", "Gives a service a new refresh token, printed this once; the old one is revoked.", RenewAsync),
    };

    private static Command Add(CommandStore store)
    {
        var id = new Argument<string>("id") { Description = "Begins with \"_\"." };
        var add = new Command("add", "Adds a service and prints its refresh token, this once.") { id };
        add.SetAction((arguments, cancellation) => store.UseAsync(services => AddAsync(services, arguments.GetRequiredValue(id)), cancellation));
        return add;
    }

    private static async Task<int> AddAsync(IServiceProvider services, string id)
    {
        if (!PrincipalName.TryParse(id, out var name))
            return Terminal.Fail($"id must have {PrincipalName.Form}");
        var wanted = new NewPrincipal(name, PrincipalType.Service, Role.Service);
        return await services.GetRequiredService<PrincipalAdministration>().CreateAsync(wanted, AuditActor.CommandLine, HashingCaller.Local) switch
        {
            CreateOutcome.Created(_, { } refreshToken) => Terminal.Done(refreshToken.Reveal()),
            CreateOutcome.Refused(var fault) => Terminal.Fail(fault),
            _ => Terminal.Fail(CommandStore.IdInUse(id)),
        };
    }

    private static async Task<int> RenewAsync(IServiceProvider services, Principal service) =>
        await services.GetRequiredService<PrincipalAdministration>().RenewRefreshTokenAsync(service.Id, TimeSpan.Zero, AuditActor.CommandLine) switch
        {
            ChangeOutcome.Done(_, { } token) => Terminal.Done(token.Reveal()),
            ChangeOutcome.Refused(var fault) => Terminal.Fail($"{fault}."),
            _ => Terminal.Fail(CommandStore.ChangedMeanwhile),
        };
}
