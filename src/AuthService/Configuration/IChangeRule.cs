namespace AuthService.Configuration;

/// <summary>What a change of settings must keep of those in force. It holds while the service runs; a start takes whatever is valid.</summary>
internal interface IChangeRule<in T>
{
    /// <returns>One line for each fault, beginning with the setting; none when the change may be taken over.</returns>
    IEnumerable<string> FindFaults(T inForce, T changed);
}
