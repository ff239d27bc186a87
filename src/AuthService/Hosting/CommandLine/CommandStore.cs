using System.CommandLine;
using AuthService.Audit;
using AuthService.Configuration;
using AuthService.Principals;
using AuthService.Storage;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting.CommandLine;

/// <summary>Opens the store for commands, with its schema up to date as at a start of the service.</summary>
internal sealed class CommandStore(IServiceProvider services)
{
    public const string ChangedMeanwhile = "Somebody else changed this principal at the same moment; nothing was done.";

    public static string IdInUse(string id) => $"The id \"{id}\" is in use, perhaps in other letter case or by a deleted principal";

    private bool MigratesOnStart => services.GetRequiredService<IOptions<StorageOptions>>().Value.Database.MigrateOnStart;

    /// <param name="work">The work of the command. It gets the services of a separate scope and returns the exit code.</param>
    /// <param name="cancellation">Cancelled when the command is interrupted.</param>
    public async Task<int> UseAsync(Func<IServiceProvider, Task<int>> work, CancellationToken cancellation)
    {
        RequireReadable();
        var migrator = services.GetRequiredService<SchemaMigrator>();
        if (MigratesOnStart)
            await migrator.MigrateAsync(cancellation);
        else if (!await migrator.IsCurrentAsync(cancellation))
            return Terminal.Fail("The schema is not current. Run the command \"migrate\" first.");
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Store>().AllowLongStatements();
        return await work(scope.ServiceProvider);
    }

    /// <summary>Creates a command for one principal, with the id of the principal as argument.</summary>
    public Command CommandOn(string name, string description, Func<IServiceProvider, Principal, Task<int>> work)
    {
        var id = new Argument<string>("id") { Description = "The id of the principal, in any letter case." };
        var command = new Command(name, description) { id };
        command.SetAction((arguments, cancellation) => UseOnAsync(arguments.GetRequiredValue(id), work, cancellation));
        return command;
    }

    public Task<int> UseOnAsync(string id, Func<IServiceProvider, Principal, Task<int>> work, CancellationToken cancellation) => UseAsync(
        async services => await services.GetRequiredService<PrincipalStore>().FindByIdAsync(id) is { } principal
            ? await work(services, principal)
            : Terminal.Fail($"There is no principal \"{id}\"."),
        cancellation);

    /// <param name="role">The role that the service uses, if it is not the owner of the schema.</param>
    /// <param name="cancellation">Cancelled when the command is interrupted.</param>
    public async Task<int> MigrateAsync(string? role, CancellationToken cancellation)
    {
        RequireReadable();
        var migrator = services.GetRequiredService<SchemaMigrator>();
        await migrator.MigrateAsync(cancellation);
        if (role is not null && !await migrator.TryGrantAsync(role, AuditTable.Name, cancellation))
            return Terminal.Fail("--grant-to is for PostgreSQL; SQLite has no roles.");
        return Terminal.Done("The schema is current.");
    }

    /// <summary>Checks that no setting is mistyped. A command does not need every setting of the service, but it may depend on the mistyped one.</summary>
    private void RequireReadable()
    {
        var faults = services.GetServices<SettingsSection>().SelectMany(section => section.FindFaults()).ToArray();
        if (faults.Length > 0)
            throw new OptionsValidationException(Options.DefaultName, typeof(CommandStore), faults);
    }
}
