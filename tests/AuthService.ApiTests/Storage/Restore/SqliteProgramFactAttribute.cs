using Xunit;

namespace AuthService.ApiTests.Storage.Restore;

/// <summary>Runs only where the program <c>sqlite3</c> is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SqliteProgramFactAttribute : FactAttribute
{
    public SqliteProgramFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "sqlite3"))))
            Skip = "The program sqlite3 is not installed: apt-get install sqlite3";
    }
}
