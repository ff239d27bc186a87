using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Storage;

/// <summary>Which store to use, and whether to bring its schema up to date at the start. The store is chosen once, at the start.</summary>
internal sealed class StorageOptions : IWarnsOfWeakness
{
    public const string PostgresKey = $"{nameof(ConnectionStrings)}:{nameof(ConnectionStringSettings.Postgres)}";
    public const string PathKey = $"{nameof(Sqlite)}:{nameof(SqliteSettings.Path)}";
    public const string MigrateOnStartKey = $"{nameof(Database)}:{nameof(DatabaseSettings.MigrateOnStart)}";

    public ConnectionStringSettings ConnectionStrings { get; } = new();

    public SqliteSettings Sqlite { get; } = new();

    public DatabaseSettings Database { get; } = new();

    public bool IsPostgres => !string.IsNullOrEmpty(ConnectionStrings.Postgres);

    public IEnumerable<string> FindWeaknesses() => IsPostgres
        ? []
        : [$"{PostgresKey} is not set: the store is the SQLite file {Sqlite.Path}, for one instance on one machine"];

    internal sealed class ConnectionStringSettings
    {
        /// <summary>
        /// A connection string of Npgsql, or an address (<c>postgres://user:password@host:5432/database</c>). Without it the
        /// store is SQLite.
        /// </summary>
        [Secret]
        [ReadAtStart]
        public string? Postgres { get; set; }
    }

    internal sealed class SqliteSettings
    {
        /// <summary>The SQLite file. A relative path starts at the content root.</summary>
        [ReadAtStart]
        public string Path { get; set; } = "data/authservice.db";
    }

    internal sealed class DatabaseSettings
    {
        /// <summary>
        /// Whether the service brings the schema up to date at its start. When false, it waits until the command <c>migrate</c> has run.
        /// </summary>
        [ReadAtStart]
        public bool MigrateOnStart { get; set; } = true;
    }
}

internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        // An environment variable or a file that is empty by mistake. If it counted as not set, the service would start with an empty SQLite store.
        if (options.ConnectionStrings.Postgres is { } given && string.IsNullOrWhiteSpace(given))
            faults.AddError($"{StorageOptions.PostgresKey} is empty: give it a value, or take it away");
        else if (options.IsPostgres && (PostgresAddress.FindFault(options.ConnectionStrings.Postgres!) ?? PostgresPool.FindFault(options)) is { } fault)
            faults.AddError($"{StorageOptions.PostgresKey} {fault}");
        if (options.Sqlite.Path.Trim().Length == 0 || options.Sqlite.Path.Contains('\0', StringComparison.Ordinal))
            faults.AddError($"{StorageOptions.PathKey} must be the path of a file, it is {SettingValue.Show(options.Sqlite.Path)}");
        return faults.Build();
    }
}
