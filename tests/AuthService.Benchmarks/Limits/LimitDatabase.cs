using Npgsql;

namespace AuthService.Benchmarks.Limits;

/// <summary>Opens plain Npgsql: pooled connections, statements prepared on the server at their first use, no ORM.</summary>
internal static class LimitDatabase
{
    public static NpgsqlDataSource Open(string connectionString) =>
        new NpgsqlSlimDataSourceBuilder(new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxAutoPrepare = 10,
            AutoPrepareMinUsages = 1,
            NoResetOnClose = true, // connections have no state, and a reset costs the server more than the look-up
            Options = "-c plan_cache_mode=force_generic_plan", // the service plans only once too
        }.ConnectionString).EnableArrays().Build();
}
