using AuthService.Configuration;
using AuthService.Principals;
using AuthService.Principals.Passwords;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

/// <summary>Section <c>Bootstrap</c>: what the first start creates.</summary>
internal sealed class BootstrapOptions
{
    public const string Section = "Bootstrap";
    public const string IdKey = $"{Section}:{nameof(Admin)}:{nameof(AdministratorSettings.Id)}";
    public const string PasswordKey = $"{Section}:{nameof(Admin)}:{nameof(AdministratorSettings.Password)}";
    public const string PasswordFileKey = $"{Section}:{nameof(Admin)}:{nameof(AdministratorSettings.PasswordFile)}";

    public AdministratorSettings Admin { get; } = new();

    internal sealed class AdministratorSettings
    {
        public string Id { get; set; } = "admin";

        /// <summary>The password of the first administrator. When it is not set, a random one is created.</summary>
        [Secret]
        public string? Password { get; set; }

        /// <summary>
        /// Whether the first sign-in with <see cref="Password"/> requests another one. Set it to false if the password is kept where the other
        /// secrets are kept. A random password is always temporary.
        /// </summary>
        public bool PasswordIsTemporary { get; set; } = true;

        /// <summary>The file to which a random password is written outside Development. A relative path starts at the content root.</summary>
        public string PasswordFile { get; set; } = "data/admin-password";
    }
}

/// <summary>
/// Checks the settings of the first administrator at the start. If that administrator could not be created, the service would never become ready.
/// </summary>
internal sealed class BootstrapOptionsValidator(PasswordPolicy policy, IHostEnvironment environment) : IValidateOptions<BootstrapOptions>
{
    public ValidateOptionsResult Validate(string? name, BootstrapOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (!PrincipalName.TryParse(options.Admin.Id, out var id))
            faults.AddError($"{BootstrapOptions.IdKey} must have {PrincipalName.Form}, it is {SettingValue.Show(options.Admin.Id)}");
        else if (new NewPrincipal(id, PrincipalType.Person, Role.Admin).FindFault() is { } fault)
            faults.AddError($"{BootstrapOptions.IdKey} is refused, it is {SettingValue.Show(options.Admin.Id)}: {fault}");
        else if (!string.IsNullOrEmpty(options.Admin.Password) && FindPasswordFault(id, options.Admin.Password) is { } weak)
            faults.AddError(weak);
        if (!IsPathOfFile(options.Admin.PasswordFile))
            faults.AddError($"{BootstrapOptions.PasswordFileKey} must be the path of a file, it is {SettingValue.Show(options.Admin.PasswordFile)}");
        return faults.Build();
    }

    /// <summary>
    /// Returns whether the path can be that of a file. The random password is first written beside it. If the path is a folder, the file cannot get this
    /// name, and the password would be lost.
    /// </summary>
    private bool IsPathOfFile(string path) =>
        path.Trim().Length > 0 && !path.Contains('\0', StringComparison.Ordinal) && !Path.EndsInDirectorySeparator(path)
        && !Directory.Exists(Path.Combine(environment.ContentRootPath, path));

    private string? FindPasswordFault(PrincipalName id, string text)
    {
        if (!Password.TryParse(text, out var password))
            return $"{BootstrapOptions.PasswordKey} must have 1 to {Password.MaximumLength} characters of well-formed Unicode";
        try
        {
            var fault = new NewPrincipal(id, PrincipalType.Person, Role.Admin) { Password = password }.FindFault(policy);
            return fault is null ? null : $"{BootstrapOptions.PasswordKey} is refused: {fault}";
        }
        catch (OptionsValidationException)
        {
            return null; // a faulty minimum length is reported by itself
        }
    }
}
