namespace AuthService.ApiTests.Hosting;

/// <summary>Settings of one instance; a null takes away what is set underneath.</summary>
public sealed class Settings() : Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
{
    /// <summary>These settings with others laid over them.</summary>
    public Settings With(Settings? others)
    {
        var merged = new Settings();
        foreach (var (key, value) in this.Concat(others ?? []))
            merged[key] = value;
        return merged;
    }
}
