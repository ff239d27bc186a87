namespace AuthService.ApiTests.Hostile.Fuzzing;

/// <summary>A way to spoil a request.</summary>
/// <param name="Name">The name in the report.</param>
/// <param name="Spoil">Spoils a request; returns null when the request has nothing to spoil in this way.</param>
internal sealed record Mutation(string Name, Func<RawRequest, Random, RawRequest?> Spoil)
{
    /// <summary>Whether the result may be invalid HTTP. The server itself then refuses it without the format of an API, or closes the connection.</summary>
    public bool MayBreakHttp { get; init; }

    /// <summary>Whether the request may announce more than it sends, so that the server waits for the rest.</summary>
    public bool MayBeUnfinished { get; init; }

    private static readonly IReadOnlyList<Mutation> All =
        [.. BodyMutations.All, .. BodyMutations.All, .. TargetMutations.All, .. HeaderMutations.All, .. FramingMutations.All];

    /// <summary>Returns a random mutation that applies, and the spoilt request.</summary>
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
