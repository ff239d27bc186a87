namespace AuthService.ApiTests.Hosting;

/// <summary>The settings of one instance. A null removes a setting of the defaults below.</summary>
public sealed class Settings() : Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
{
    /// <summary>Gets these settings with others that override them.</summary>
    public Settings With(Settings? others)
    {
        var merged = new Settings();
        foreach (var (key, value) in this.Concat(others ?? []))
            merged[key] = value;
        return merged;
    }
}
