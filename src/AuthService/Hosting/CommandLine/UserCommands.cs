using System.CommandLine;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.SignIn;

namespace AuthService.Hosting.CommandLine;

/// <summary>People.</summary>
internal static class UserCommands
{
    private static readonly string PasswordFault = $"The password must have {Password.MinimumLength} to {Password.MaximumLength} characters.";

    public static Command Create(CommandStore store) => new("user", "People: add, password, disable, unlock, import.")
    {
        Add(store),
        store.CommandOn("password", "Sets a person's password, read from standard input, and ends their sessions.", SetPasswordAsync),
        store.CommandOn("disable", "Disables a person or service and ends their sessions.", DisableAsync),
        store.CommandOn("unlock", "Forgets failed sign-ins and the lock that came of them.", UnlockAsync),
        ImportCommand.Create(store),
    };

    private static Command Add(CommandStore store)
    {
        var id = new Argument<string>("id") { Description = "The name that the person signs in with." };
        var role = new Option<string>("--role") { Description = "USER (as a rule) or ADMIN.", DefaultValueFactory = _ => "USER" };
        role.AcceptOnlyFromAmong("USER", "ADMIN");
        var firstNames = new Option<string?>("--first-names");
        var lastName = new Option<string?>("--last-name");
        var email = new Option<string?>("--email");
        var canImpersonate = new Option<bool>("--can-impersonate") { Description = "Lets an administrator act as somebody else." };
        var add = new Command("add", "Adds a person. The password is read from standard input.") { id, role, firstNames, lastName, email, canImpersonate };
        add.SetAction((arguments, cancellation) =>
        {
            var details = new PrincipalChange
            {
                FirstNames = new(IsGiven: true, arguments.GetValue(firstNames)),
                LastName = new(IsGiven: true, arguments.GetValue(lastName)),
                Email = new(IsGiven: true, arguments.GetValue(email)),
                CanImpersonate = arguments.GetValue(canImpersonate),
            };
            var wantedRole = arguments.GetValue(role) is "ADMIN" ? Role.Admin : Role.User;
            return store.UseAsync(services => AddAsync(services, arguments.GetRequiredValue(id), wantedRole, details), cancellation);
        });
        return add;
    }

    private static async Task<int> AddAsync(IServiceProvider services, string id, Role role, PrincipalChange details)
    {
        if (!PrincipalName.TryParse(id, out var name))
            return Terminal.Fail($"id must have 1 to {PrincipalName.MaximumLength} characters, none of them a control character");
        if (!Password.TryParse(Terminal.ReadPassword(), out var password))
            return Terminal.Fail(PasswordFault);
        var wanted = new NewPrincipal(name, PrincipalType.Person, role) { Password = password, Details = details };
        return await services.GetRequiredService<PrincipalService>().CreateAsync(wanted, Deed.OfTheCommandLine) switch
        {
            CreateOutcome.Created(var principal, _) => Terminal.Done($"{principal.Id} was added."),
            CreateOutcome.Refused(var fault) => Terminal.Fail(fault),
            _ => Terminal.Fail($"The id \"{id}\" is in use, perhaps in other letter case or by a deleted principal"),
        };
    }

    private static async Task<int> SetPasswordAsync(IServiceProvider services, Principal person)
    {
        if (!Password.TryParse(Terminal.ReadPassword(), out var password))
            return Terminal.Fail(PasswordFault);
        return await services.GetRequiredService<CredentialService>().SetAsync(person, password, Deed.OfTheCommandLine) switch
        {
            ChangeOutcome.Done => Terminal.Done($"{person.Id} has a new password; their sessions have ended."),
            ChangeOutcome.Refused(var fault) => Terminal.Fail(fault),
            _ => Terminal.Fail(CommandStore.ChangedMeanwhile),
        };
    }

    private static async Task<int> DisableAsync(IServiceProvider services, Principal principal)
    {
        var change = new PrincipalChange { State = PrincipalState.Disabled };
        var outcome = await services.GetRequiredService<CredentialService>().ChangeAsync(principal, change, password: null, Deed.OfTheCommandLine);
        return outcome is ChangeOutcome.Done
            ? Terminal.Done($"{principal.Id} is disabled; their sessions have ended.")
            : Terminal.Fail(CommandStore.ChangedMeanwhile);
    }

    private static async Task<int> UnlockAsync(IServiceProvider services, Principal person)
    {
        _ = PrincipalName.TryParse(person.Id, out var name);
        await services.GetRequiredService<Lockout>().UnlockAsync(name!, person.Id, Deed.OfTheCommandLine);
        return Terminal.Done($"{person.Id} is not locked.");
    }
}
