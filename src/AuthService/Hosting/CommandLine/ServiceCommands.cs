using System.CommandLine;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions;

namespace AuthService.Hosting.CommandLine;

/// <summary>
/// Services, whose refresh token is their standing credential. It is the only thing on standard output, so that it can be
/// piped into a secret store.
/// </summary>
internal static class ServiceCommands
{
    public static Command Create(CommandStore store) => new("service", "Services: add, renew.")
    {
        Add(store),
        store.CommandOn("renew", "Gives a service a new refresh token, printed this once; the old one is dead.", RenewAsync),
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
            return Terminal.Fail($"id must have 1 to {PrincipalName.MaximumLength} characters, none of them a control character");
        var wanted = new NewPrincipal(name, PrincipalType.Service, Role.Service);
        return await services.GetRequiredService<PrincipalService>().CreateAsync(wanted, Deed.OfTheCommandLine) switch
        {
            CreateOutcome.Created(_, { } refreshToken) => Terminal.Done(refreshToken.Reveal()),
            CreateOutcome.Refused(var fault) => Terminal.Fail(fault),
            _ => Terminal.Fail($"The id \"{id}\" is in use, perhaps in other letter case or by a deleted principal"),
        };
    }

    private static async Task<int> RenewAsync(IServiceProvider services, Principal service)
    {
        if (service is { Type: PrincipalType.Person } or { State: not PrincipalState.Enabled })
            return Terminal.Fail("Only an enabled service or provider has a refresh token of its own.");
        return await services.GetRequiredService<PrincipalChangeService>().TryRenewRefreshTokenAsync(service, Deed.OfTheCommandLine) is { } token
            ? Terminal.Done(token.Reveal())
            : Terminal.Fail(CommandStore.ChangedMeanwhile);
    }
}
