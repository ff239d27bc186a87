using Xunit;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("AuthService.ApiTests.Hosting.LongestFirst", "AuthService.ApiTests")]

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// Orders the collections. Twice as many tests run at the same time as there are cores (xunit.runner.json), because most of them wait most of the
/// time. The collections that most tests share start first, so that the run does not wait for one of them at the end.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = ["postgres", "postgres 2", "sqlite", "sqlite 2", "races on postgres"];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(Place);

    private static int Place(ITestCollection collection) =>
        Array.IndexOf(Longest, collection.DisplayName) is var place and >= 0 ? place : Longest.Length;
}
