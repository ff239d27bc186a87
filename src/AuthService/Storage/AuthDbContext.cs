#pragma warning disable RS0030 // sets itself up; every statement goes through Store

using Microsoft.EntityFrameworkCore;

namespace AuthService.Storage;

/// <summary>The one context. It names no feature: each owns its mapping, which is found in this assembly.</summary>
internal sealed class AuthDbContext : DbContext
{
    /// <summary>
    /// Without savepoints. When the connection is lost while one is released, EF Core logs that and goes on: on another
    /// connection and outside the transaction. So what fails in a transaction takes all of it back.
    /// </summary>
    public AuthDbContext(DbContextOptions<AuthDbContext> options)
        : base(options)
    {
        Database.AutoSavepointsEnabled = false;
        IsPostgres = Database.IsNpgsql();
    }

    /// <summary>Otherwise it is SQLite. Found out once: a hot call needs it several times.</summary>
    public bool IsPostgres { get; }

    /// <summary>Whether a commit has not reached the synchronous standbys: see <see cref="UnconfirmedCommits"/>.</summary>
    public bool HasUnconfirmedCommit { get; set; }

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
                property.SetColumnName(SnakeCase.Of(property.Name));
            if (typeof(ICommitOrdered).IsAssignableFrom(entity.ClrType))
                CommitOrder.Configure(entity, Database.IsNpgsql());
        }
    }
}
