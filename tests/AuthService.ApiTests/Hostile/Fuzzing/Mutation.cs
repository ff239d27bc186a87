namespace AuthService.ApiTests.Hostile.Fuzzing;

/// <summary>One way to spoil a request.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Spoil">Null where a request has nothing that can be spoiled like this.</param>
internal sealed record Mutation(string Name, Func<RawRequest, Random, RawRequest?> Spoil)
{
    /// <summary>Whether it may be no HTTP any more, so that the server itself refuses it, in no surface's words, or hangs up.</summary>
    public bool MayBreakHttp { get; init; }

    /// <summary>Whether it may announce more than is sent, so that the server waits for the rest.</summary>
    public bool MayBeUnfinished { get; init; }

    private static readonly IReadOnlyList<Mutation> All =
        [.. BodyMutations.All, .. BodyMutations.All, .. TargetMutations.All, .. HeaderMutations.All, .. FramingMutations.All];

    /// <summary>One that applies, and what became of the request.</summary>
    public static (Mutation Mutation, RawRequest Spoilt) Any(RawRequest request, Random random)
    {
        while (true)
        {
            var mutation = All[random.Next(All.Count)];
            if (mutation.Spoil(request, random) is { } spoilt)
                return (mutation, spoilt);
        }
    }
}
