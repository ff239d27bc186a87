using System.CommandLine;
using AuthService.Audit;
using AuthService.People;
using AuthService.Principals;
using AuthService.Principals.Passwords;
using AuthService.SignIn;
using AuthService.SignIn.SecondFactors;

namespace AuthService.Hosting.CommandLine;

/// <summary>The commands for people.</summary>
internal static class UserCommands
{
    private static readonly string PasswordFault = $"The password must have 1 to {Password.MaximumLength} characters.";

    public static Command Create(CommandStore store) => new("user", "People: add, password, disable, unlock, factors, remove-factors, import.")
    {
        Add(store),
        store.CommandOn("password", "Sets a person's password, read from standard input, and ends their sessions.", SetPasswordAsync),
        store.CommandOn("disable", "Disables a person or service and ends their sessions.", DisableAsync),
        store.CommandOn("unlock", "Forgets failed sign-ins and the lock that came of them.", UnlockAsync),
        store.CommandOn("factors", "Shows what a person has beside a password.", ShowFactorsAsync),
        store.CommandOn("remove-factors", "Removes all second factors of a person and ends their sessions.", RemoveFactorsAsync),
        ImportCommand.Create(store),
    };

    private static Command Add(CommandStore store)
    {
        var id = new Argument<string>("id") { Description = "The name that the person signs in with." };
        var (user, admin) = (Role.User.ToWire(), Role.Admin.ToWire());
        var role = new Option<string>("--role") { Description = $"{user} (as a rule) or {admin}.", DefaultValueFactory = _ => user };
        role.AcceptOnlyFromAmong(user, admin);
        var firstNames = new Option<string?>("--first-names");
        var lastName = new Option<string?>("--last-name");
        var email = new Option<string?>("--email");
        var canImpersonate = new Option<bool>("--can-impersonate") { Description = "Lets an administrator act as somebody else." };
        var add = new Command("add", "Adds a person. The password is read from standard input.") { id, role, firstNames, lastName, email, canImpersonate };
        add.SetAction((arguments, cancellation) =>
        {
            var details = new PrincipalUpdate
            {
                Profile = ProfileChange.To(new PrincipalProfile
                {
                    FirstNames = arguments.GetValue(firstNames),
                    LastName = arguments.GetValue(lastName),
                    Email = arguments.GetValue(email),
                }),
                CanImpersonate = arguments.GetValue(canImpersonate),
            };
            var wantedRole = arguments.GetValue(role) == admin ? Role.Admin : Role.User;
            return store.UseAsync(services => AddAsync(services, arguments.GetRequiredValue(id), wantedRole, details), cancellation);
        });
        return add;
    }

    private static async Task<int> AddAsync(IServiceProvider services, string id, Role role, PrincipalUpdate details)
    {
        if (!PrincipalName.TryParse(id, out var name))
            return Terminal.Fail($"id must have {PrincipalName.Form}");
        if (!Password.TryParse(Terminal.ReadPassword(), out var password))
            return Terminal.Fail(PasswordFault);
        var wanted = new NewPrincipal(name, PrincipalType.Person, role) { Password = password, Details = details };
        return await services.GetRequiredService<PrincipalAdministration>().CreateAsync(wanted, AuditActor.CommandLine, HashingCaller.Local) switch
        {
            CreateOutcome.Created(var principal, _) => Terminal.Done($"{principal.Id} was added."),
            CreateOutcome.Refused(var fault) => Terminal.Fail(fault),
            _ => Terminal.Fail(CommandStore.IdInUse(id)),
        };
    }

    private static async Task<int> SetPasswordAsync(IServiceProvider services, Principal person)
    {
        if (!Password.TryParse(Terminal.ReadPassword(), out var password))
            return Terminal.Fail(PasswordFault);
        var administration = services.GetRequiredService<PrincipalAdministration>();
        return await administration.SetPasswordAsync(person.Id, password, AuditActor.CommandLine, HashingCaller.Local) switch
        {
            ChangeOutcome.Done => Terminal.Done($"{person.Id} has a new password; their sessions have ended."),
            ChangeOutcome.Refused(var fault) => Terminal.Fail(fault),
            _ => Terminal.Fail(CommandStore.ChangedMeanwhile),
        };
    }

    private static async Task<int> DisableAsync(IServiceProvider services, Principal principal)
    {
        var change = new PrincipalUpdate { State = PrincipalState.Disabled };
        var outcome = await services.GetRequiredService<PrincipalAdministration>()
            .ChangeAsync(principal.Id, change, password: null, AuditActor.CommandLine, HashingCaller.Local);
        return outcome is ChangeOutcome.Done
            ? Terminal.Done($"{principal.Id} is disabled; their sessions have ended.")
            : Terminal.Fail(CommandStore.ChangedMeanwhile);
    }

    private static async Task<int> UnlockAsync(IServiceProvider services, Principal person)
    {
        await services.GetRequiredService<Lockout>().UnlockAsync(person, AuditActor.CommandLine);
        return Terminal.Done($"{person.Id} is not locked.");
    }

    private static async Task<int> ShowFactorsAsync(IServiceProvider services, Principal person)
    {
        var has = await services.GetRequiredService<SecondFactorStore>().SummarizeAsync(person);
        var app = has.HasTotp ? $"an authenticator app and {has.RecoveryCodes} recovery codes" : "no authenticator app";
        return Terminal.Done(has.HasAny ? $"{person.Id} has {app}, and {has.Passkeys} passkeys." : $"{person.Id} has no second factor.");
    }

    private static async Task<int> RemoveFactorsAsync(IServiceProvider services, Principal person) =>
        await services.GetRequiredService<SecondFactorRemoval>().TryRemoveAllAsync(person, AuditActor.CommandLine)
            ? Terminal.Done($"{person.Id} has no second factor; their sessions have ended.")
            : Terminal.Fail(CommandStore.ChangedMeanwhile);
}
