namespace AuthService.Configuration;

/// <summary>
/// A rule for a change of settings while the service runs, which compares the new settings with those in use. A start accepts any valid settings.
/// </summary>
internal interface IChangeRule<in T>
{
    /// <returns>One line for each fault, beginning with the setting. Empty when the change may be used.</returns>
    IEnumerable<string> FindFaults(T inForce, T changed);
}
