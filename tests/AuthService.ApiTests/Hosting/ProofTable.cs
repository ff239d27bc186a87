namespace AuthService.ApiTests.Hosting;

/// <summary>Writes what the proofs counted, one line each, to <c>TestResults/proofs.txt</c>. tests/run.sh shows these lines at the end.</summary>
internal static class ProofTable
{
    private static readonly Lock Lock = new();

    /// <param name="suite">The suite: Races, Faults, Hostile, Secrets or Soak.</param>
    /// <param name="proof">The tested property, with its store if there are several.</param>
    /// <param name="figures">The number of attempts and their outcome, in words: "10,000 rounds, 0 violations, seed 7".</param>
    public static void Add(string suite, string proof, string figures)
    {
        lock (Lock)
        {
            Directory.CreateDirectory(TestResults.Folder);
            File.AppendAllText(Path.Combine(TestResults.Folder, "proofs.txt"), $"{suite,-8} {proof,-60} {figures}\n");
        }
    }
}
