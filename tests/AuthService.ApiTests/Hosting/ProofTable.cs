namespace AuthService.ApiTests.Hosting;

/// <summary>What the proofs counted, one line each in <c>TestResults/proofs.txt</c>; tests/run.sh shows them in the end.</summary>
internal static class ProofTable
{
    private static readonly Lock Gate = new();

    /// <param name="suite">Races, Faults, Hostile, Secrets or Soak.</param>
    /// <param name="proof">What was tried, with its store where there are several.</param>
    /// <param name="figures">How often, with which outcome, in words: "10,000 rounds, 0 violations, seed 7".</param>
    public static void Add(string suite, string proof, string figures)
    {
        lock (Gate)
        {
            Directory.CreateDirectory(Repository.TestResults);
            File.AppendAllText(Path.Combine(Repository.TestResults, "proofs.txt"), $"{suite,-8} {proof,-60} {figures}\n");
        }
    }
}
