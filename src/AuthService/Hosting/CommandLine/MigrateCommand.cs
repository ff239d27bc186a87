using System.CommandLine;

namespace AuthService.Hosting.CommandLine;

internal static class MigrateCommand
{
    public static Command Create(CommandStore store)
    {
        var migrate = new Command("migrate", "Brings the schema up to date, one instance at a time however many are asked.");
        migrate.SetAction((_, cancellation) => store.MigrateAsync(cancellation));
        return migrate;
    }
}
