using Xunit;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("AuthService.ApiTests.Hosting.LongestFirst", "AuthService.ApiTests")]

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// As many collections run side by side as there are cores. The two that most tests share begin at once, so that none of
/// them is what everybody waits for in the end.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = ["postgres", "sqlite", "races on postgres"];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(Place);

    private static int Place(ITestCollection collection) =>
        Array.IndexOf(Longest, collection.DisplayName) is var place and >= 0 ? place : Longest.Length;
}
