namespace AuthService.ApiTests.Hosting;

/// <summary>What the proofs counted, one line each in <c>TestResults/proofs.txt</c>; tests/run.sh shows them in the end.</summary>
internal static class ProofTable
{
    private static readonly Lock Lock = new();

    /// <param name="suite">Races, Faults, Hostile, Secrets or Soak.</param>
    /// <param name="proof">What was tried, with its store where there are several.</param>
    /// <param name="figures">How often, with which outcome, in words: "10,000 rounds, 0 violations, seed 7".</param>
    public static void Add(string suite, string proof, string figures)
    {
        lock (Lock)
        {
            Directory.CreateDirectory(TestResults.Folder);
            File.AppendAllText(Path.Combine(TestResults.Folder, "proofs.txt"), $"{suite,-8} {proof,-60} {figures}\n");
        }
    }
}
