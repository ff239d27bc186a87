using AuthService.Storage;

namespace AuthService.Hosting.CommandLine;

/// <summary>Examines several servers of PostgreSQL: which one is the primary, which of them answer, and whether a failover would lose commits.</summary>
internal static class ServerExamination
{
    private const string Subject = "database servers";

    public static async Task<IReadOnlyList<Finding>> ExamineAsync(PostgresPool pool, Store store, CancellationToken cancellation)
    {
        if (pool.Servers.Count == 0)
            return [];
        var roles = await Task.WhenAll(pool.Servers.Select(async server => (server.Host, (await server.FindStateAsync(cancellation)).Role)));
        var (primaries, standbys, silent) = (With(PostgresRole.Primary), With(PostgresRole.Standby), With(PostgresRole.Unknown));
        return
        [
            primaries switch
            {
                [] => Finding.Doubtful(Subject, "none of them says that it is the primary"),
                [var primary] => Finding.Fine(Subject, $"primary {primary}, standbys {(standbys is [] ? "none" : string.Join(", ", standbys))}"),
                _ => Finding.Wrong(Subject, $"{string.Join(", ", primaries)} each take themselves for the primary: stop all but one"),
            },
            .. silent.Select(host => Finding.Doubtful(Subject, $"{host} does not answer")),
            await ExamineCommitsAsync(store),
        ];

        string[] With(PostgresRole role) => [.. roles.Where(found => found.Role == role).Select(found => found.Host)];
    }

    private static async Task<Finding> ExamineCommitsAsync(Store store)
    {
        var standbys = (await store.ReadAsync<string>($"SELECT current_setting('synchronous_standby_names') AS \"Value\""))[0];
        var commit = (await store.ReadAsync<string>($"SELECT current_setting('synchronous_commit') AS \"Value\""))[0];
        return standbys.Length > 0 && commit is not ("off" or "local")
            ? Finding.Fine(Subject, "commits wait for a synchronous standby")
            : Finding.Doubtful(
                Subject,
                "commits do not wait for a standby, and a failover loses the last of them: synchronous_standby_names (Patroni: synchronous_mode), "
                + "synchronous_commit");
    }
}
