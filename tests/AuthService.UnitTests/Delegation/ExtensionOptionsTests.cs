using AuthService.Delegation;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace AuthService.UnitTests.Delegation;

public sealed class ExtensionOptionsTests
{
    [Fact]
    public void A_policy_is_found_by_the_id_of_the_service_in_any_letter_case()
    {
        var options = Read(new(StringComparer.Ordinal) { ["Extension:Policies:_svc:0"] = "files:write", ["Extension:Policies:_svc:1"] = "jobs:READ" });

        Assert.Equal(["files:write", "jobs:read"], options.FindPolicy("_svc")!.ToArray());
        Assert.Equal(["files:write", "jobs:read"], options.FindPolicy("_SVC")!.ToArray());
        Assert.Null(options.FindPolicy("_other"));
    }

    [Fact]
    public void Every_malformed_scope_is_named_at_once_with_key_and_value()
    {
        var options = Read(new(StringComparer.Ordinal)
        {
            ["Extension:Policies:_a:0"] = "files",
            ["Extension:Policies:_a:1"] = "files:read",
            ["Extension:Policies:_a:2"] = "files:fly",
            ["Extension:Policies:_b:0"] = "",
        });

        var faults = new ExtensionOptionsValidator().Validate(name: null, options).Failures!.ToArray();

        Assert.Collection(
            faults,
            fault => Assert.Matches("^Extension:Policies:_a:0 .*\"files\"$", fault),
            fault => Assert.Matches("^Extension:Policies:_a:2 .*\"files:fly\"$", fault),
            fault => Assert.Matches("^Extension:Policies:_b:0 .*\"\"$", fault));
    }

    [Fact]
    public void To_have_no_policy_is_no_fault() => Assert.True(new ExtensionOptionsValidator().Validate(name: null, new ExtensionOptions()).Succeeded);

    private static ExtensionOptions Read(Dictionary<string, string?> settings)
    {
        var options = new ExtensionOptions();
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection(ExtensionOptions.Section).Bind(options);
        return options;
    }
}
