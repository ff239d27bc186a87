using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Storage.Restore;

/// <summary>Runs only where PostgreSQL's programs are installed. A server that <c>AUTHSERVICE_TEST_POSTGRES</c> names is not enough.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresProgramsFactAttribute : FactAttribute
{
    public PostgresProgramsFactAttribute()
    {
        if (PostgresInstance.FindBinariesWith("initdb", "postgres", "pg_basebackup", "pg_dump", "pg_restore", "psql") is null)
            Skip = "PostgreSQL's programs for backup and restore are not installed: apt-get install postgresql-15";
    }
}
