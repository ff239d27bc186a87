using System.CommandLine;
using AuthService.Principals;
using AuthService.Storage;

namespace AuthService.Hosting.CommandLine;

/// <summary>The store as commands use it: with its schema up to date, as at a start of the service.</summary>
internal sealed class CommandStore(IServiceProvider services)
{
    public const string ChangedMeanwhile = "Somebody else changed this principal at the same moment; nothing was done.";

    private bool MigratesOnStart => services.GetRequiredService<IConfiguration>().GetValue(StorePreparation.MigrateOnStart, defaultValue: true);

    /// <param name="work">Gets the services of a scope of its own; gives the exit code.</param>
    /// <param name="cancellation">The command was interrupted.</param>
    public async Task<int> UseAsync(Func<IServiceProvider, Task<int>> work, CancellationToken cancellation)
    {
        var migrator = services.GetRequiredService<SchemaMigrator>();
        if (MigratesOnStart)
            await migrator.MigrateAsync(cancellation);
        else if (!await migrator.IsCurrentAsync(cancellation))
            return Terminal.Fail("The schema is not current. Run the command \"migrate\" first.");
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<AuthDbContext>().AllowLongStatements();
        return await work(scope.ServiceProvider);
    }

    /// <summary>A command on one principal, whose id it takes as argument.</summary>
    public Command CommandOn(string name, string description, Func<IServiceProvider, Principal, Task<int>> work)
    {
        var id = new Argument<string>("id") { Description = "The id of the principal, in any letter case." };
        var command = new Command(name, description) { id };
        command.SetAction((arguments, cancellation) => UseOnAsync(arguments.GetRequiredValue(id), work, cancellation));
        return command;
    }

    public Task<int> UseOnAsync(string id, Func<IServiceProvider, Principal, Task<int>> work, CancellationToken cancellation) => UseAsync(
        async services => PrincipalName.TryParse(id, out var name)
            && await services.GetRequiredService<PrincipalStore>().FindByNameAsync(name) is { State: not PrincipalState.Deleted } principal
                ? await work(services, principal)
                : Terminal.Fail($"There is no principal \"{id}\"."),
        cancellation);

    public async Task<int> MigrateAsync(CancellationToken cancellation)
    {
        await services.GetRequiredService<SchemaMigrator>().MigrateAsync(cancellation);
        return Terminal.Done("The schema is current.");
    }
}
