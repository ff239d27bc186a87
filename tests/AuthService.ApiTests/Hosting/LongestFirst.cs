using Xunit;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("AuthService.ApiTests.Hosting.LongestFirst", "AuthService.ApiTests")]

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// Twice as many tests run side by side as there are cores (xunit.runner.json), because most of them wait most of the time.
/// The collections that most tests share begin first, so that none of them is what everybody waits for at the end.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = ["postgres", "postgres 2", "sqlite", "sqlite 2", "races on postgres"];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(Place);

    private static int Place(ITestCollection collection) =>
        Array.IndexOf(Longest, collection.DisplayName) is var place and >= 0 ? place : Longest.Length;
}
