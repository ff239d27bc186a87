using AuthService.Principals.ApiKeys;
using AuthService.Sessions;
using AuthService.Sessions.Revoking;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AuthService.UnitTests.Conventions;

/// <summary>Checks that the rows of every table that expire are deleted. A table without a clean-up would grow without anybody noticing.</summary>
public sealed class CleanUpTests
{
    private static readonly string[] Ends = [nameof(Session.ExpireAt), "ForgetAt"];

    /// <summary>The tables that their own service cleans up, with the registration of that service.</summary>
    private static readonly Dictionary<Type, string> Special = new()
    {
        [typeof(Session)] = $"AddCleanUpBy<{nameof(ExpiredSessions)}>(",
        [typeof(ApiKeyRecord)] = $"AddCleanUpBy<{nameof(ApiKeyStore)}>(",
    };

    [Fact]
    public void Every_table_with_rows_that_expire_has_a_clean_up()
    {
        var setups = string.Concat(Repository.SourcesOf("src/AuthService")
            .Where(path => path.EndsWith("Setup.cs", StringComparison.Ordinal)).SelectMany(path => Repository.LinesOf("src/AuthService", path)));
        var expiring = (
            from type in typeof(Store).Assembly.GetTypes()
            from mapping in type.GetInterfaces()
            where mapping.IsGenericType && mapping.GetGenericTypeDefinition() == typeof(IEntityTypeConfiguration<>)
            let entity = mapping.GetGenericArguments()[0]
            from end in Ends
            where entity.GetProperty(end) is not null
            select (Entity: entity, Call: Special.GetValueOrDefault(entity, $"AddCleanUp<{entity.Name}>(nameof({entity.Name}.{end})"))).ToArray();

        Assert.True(expiring.Length >= 19, $"only {expiring.Length} tables were found");
        Breaches.None(expiring.Where(table => !setups.Contains(table.Call, StringComparison.Ordinal)).Select(table => $"{table.Entity.Name} has no clean-up"));
    }
}
