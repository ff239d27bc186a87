using AuthService.ApiTests.Faults;
using AuthService.ApiTests.Faults.HighAvailability;
using AuthService.ApiTests.Hostile;
using AuthService.ApiTests.Races;
using Xunit;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("AuthService.ApiTests.Hosting.LongestFirst", "AuthService.ApiTests")]

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// Orders the collections. More tests run at the same time than there are cores (xunit.runner.json), because most of them wait most of the
/// time. The collections and classes that take longest start first, so that the run does not wait for one of them at the end.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        "postgres", "sqlite", "postgres 2", "sqlite 2", "races on postgres", "pages",
        Of<EveryCallFailsTests>(), Of<EveryCallFailsBesideWorkersTests>(), Of<MutatedRequestTests.OnSqlite>(), Of<MutatedRequestTests.OnPostgres>(),
        Of<TokenCorpusTests>(), Of<HighAvailabilityTests>(), Of<RollingRotationTests.OnSqlite>(), Of<RollingRotationTests.OnPostgres>(),
        Of<SlowDatabaseTests>(), Of<StopUnderLoadTests>(), "races on sqlite", "races on pgbouncer", "browser", "pgbouncer",
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(Place);

    /// <summary>The name that xunit gives to the collection of a class without one.</summary>
    private static string Of<TTests>() => $"Test collection for {typeof(TTests).FullName}";

    private static int Place(ITestCollection collection) =>
        Array.IndexOf(Longest, collection.DisplayName) is var place and >= 0 ? place : Longest.Length;
}
