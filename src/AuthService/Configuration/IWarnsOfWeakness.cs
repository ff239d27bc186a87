namespace AuthService.Configuration;

/// <summary>
/// Settings that are valid but make the service weak. Outside Development the log of the start and the command <c>doctor</c> warn of them.
/// </summary>
internal interface IWarnsOfWeakness
{
    /// <returns>One line for each weakness, beginning with the setting.</returns>
    IEnumerable<string> FindWeaknesses();
}
