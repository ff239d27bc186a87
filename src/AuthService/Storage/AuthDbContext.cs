#pragma warning disable RS0030 // sets itself up; every statement goes through Store

using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace AuthService.Storage;

/// <summary>The one context. It names no feature: each owns its mapping, which is found in this assembly.</summary>
internal sealed class AuthDbContext : DbContext
{
    /// <summary>
    /// Where PostgreSQL 15 to 18 warn of it (src/backend/replication/syncrep.c). The text of the warning depends on lc_messages.
    /// </summary>
    private const string UnconfirmedCommit = "SyncRepWaitForLSN";

    private NpgsqlDataSource? _server;

    /// <summary>
    /// Without savepoints. When the connection is lost while one is released, EF Core logs that and goes on: on another
    /// connection and outside the transaction. So what fails in a transaction takes all of it back.
    /// </summary>
    public AuthDbContext(DbContextOptions<AuthDbContext> options)
        : base(options) => Database.AutoSavepointsEnabled = false;

    /// <summary>
    /// Whether PostgreSQL has committed without its synchronous standbys. It answers as if all were well, with a warning beside the answer, when a
    /// statement is cancelled that waits for them, and Npgsql cancels what takes longer than <c>Command Timeout</c>.
    /// </summary>
    public bool HasUnconfirmedCommit { get; set; }

    /// <summary>A context keeps its connection, which leads to one server, from one use to the next.</summary>
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
