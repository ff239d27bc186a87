using AuthService.Configuration;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>The list of all settings is complete, so tests of all settings miss none.</summary>
[Collection("sqlite 2")]
public sealed class EverySettingTests(SqliteStore store)
{
    [Fact]
    public async Task It_has_the_sections_that_the_service_reads()
    {
        var read = await store.Host.CallAsync<IEnumerable<SettingsSection>, SettingsSection[]>(sections => Task.FromResult(sections.ToArray()));

        Assert.Equal(
            read.Select(section => $"{(section.Configuration as IConfigurationSection)?.Path} {section.Type}").Order(StringComparer.Ordinal),
            EverySetting.Sections().Select(section => $"{section.Path} {section.Type}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Sessions:TokenReaders")]
    [InlineData("IdentityProviders:1:Scopes")]
    [InlineData("IdentityProviders:0:Role:Admin")]
    [InlineData("Extension:Policies:name")]
    [InlineData("Bootstrap:Admin")]
    [InlineData("ConnectionStrings")]
    public void Lists_within_lists_and_sections_are_among_them(string key) => Assert.Contains(key, EverySetting.Compound, StringComparer.Ordinal);

    [Fact]
    public void Values_within_dictionaries_are_among_them() => Assert.Equal(typeof(bool), EverySetting.Typed["Sessions:TokenReaders:name"]);
}
