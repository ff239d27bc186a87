#pragma warning disable RS0030 // this class sets up the context; every statement goes through Store

using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace AuthService.Storage;

/// <summary>
/// The only EF Core context. It names no feature: each feature has its own mapping, and the context finds the mappings in this assembly.
/// </summary>
internal sealed class AuthDbContext : DbContext
{
    /// <summary>
    /// The routine in which PostgreSQL 15 to 18 give the warning (src/backend/replication/syncrep.c). The text of the warning depends on lc_messages.
    /// </summary>
    private const string UnconfirmedCommit = "SyncRepWaitForLSN";

    private NpgsqlDataSource? _server;

    /// <summary>
    /// Creates the context without savepoints. When the connection is lost while EF Core releases a savepoint, EF Core logs that and continues on
    /// another connection, outside the transaction. Without savepoints every failure rolls back the whole transaction.
    /// </summary>
    public AuthDbContext(DbContextOptions<AuthDbContext> options)
        : base(options) => Database.AutoSavepointsEnabled = false;

    /// <summary>
    /// Whether PostgreSQL has committed without its synchronous standbys. When a statement that waits for the standbys is cancelled, PostgreSQL
    /// reports success with a warning. Npgsql cancels a statement that takes longer than <c>Command Timeout</c>.
    /// </summary>
    public bool HasUnconfirmedCommit { get; set; }

    /// <summary>
    /// Connects the context to a server. A pooled context keeps its connection from one use to the next, so this changes something only for another
    /// server.
    /// </summary>
    public void ConnectTo(NpgsqlDataSource server)
    {
        if (ReferenceEquals(server, _server))
            return;
        var connection = server.CreateConnection();
        connection.Notice += (_, told) => HasUnconfirmedCommit |= told.Notice.Routine is UnconfirmedCommit;
        Database.SetDbConnection(connection, contextOwnsConnection: true);
        _server = server;
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<DateTimeOffset>().HaveConversion<UnixMicroseconds>();
        conventions.Properties<TimeSpan>().HaveConversion<Milliseconds>();
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.ApplyConfigurationsFromAssembly(typeof(AuthDbContext).Assembly);
        foreach (var entity in model.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties().Concat(entity.GetComplexProperties().SelectMany(part => part.ComplexType.GetProperties())))
            {
                var chosen = property.FindAnnotation(RelationalAnnotationNames.ColumnName)?.Value as string;
                property.SetColumnName(chosen ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
            }

            if (typeof(ICommitOrdered).IsAssignableFrom(entity.ClrType))
                CommitOrder.Configure(entity, Database.IsNpgsql());
        }
    }
}
