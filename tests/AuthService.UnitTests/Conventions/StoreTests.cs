using System.Reflection;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AuthService.UnitTests.Conventions;

/// <summary>Checks that all statements go through <see cref="Store"/>. Only Store repeats statements, joins transactions and limits batches.</summary>
public sealed class StoreTests
{
    private static readonly Type[] OnlyInStorage = [typeof(AuthDbContext), typeof(IDbContextFactory<AuthDbContext>), typeof(DatabaseContexts)];

    [Fact]
    public void Nobody_outside_of_Storage_is_given_a_context()
    {
        var breaches =
            from type in typeof(Store).Assembly.GetTypes()
            where type.Namespace is not "AuthService.Storage"
            from constructor in type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            where constructor.GetParameters().Any(parameter => OnlyInStorage.Contains(parameter.ParameterType))
            select $"{type} takes a context";

        Breaches.None(breaches);
    }
}
