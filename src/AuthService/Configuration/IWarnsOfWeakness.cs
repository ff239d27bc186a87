namespace AuthService.Configuration;

/// <summary>Settings that can be taken as they are, and make the service weak. Outside Development the start's log and <c>doctor</c> tell of it.</summary>
internal interface IWarnsOfWeakness
{
    /// <returns>One line for each weakness, beginning with the setting.</returns>
    IEnumerable<string> FindWeaknesses();
}
